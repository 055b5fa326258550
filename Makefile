MVN ?= mvn -B -q
JAR := target/quarkus-app/quarkus-run.jar

.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

test: ## all tests; those that need a real API server or Prometheus skip when there is none
	mvn -B verify

$(JAR): pom.xml $(shell find src/main -type f)
	$(MVN) -DskipTests package
	@touch $(JAR)

run: $(JAR) ## the operator, against the current kubectl context
	java -jar $(JAR)

bench: $(JAR) ## what 1,000 rollouts cost, and how fast a breach is answered (needs a real API server)
	mvn -B -q -Dexcluded.tags=e2e,soak -Dtest=FleetBench test

crds: ## the CRD, from the records in src/main/java/dev/modelrollout/api
	$(MVN) -DskipTests package
	$(MVN) -Dtest=DeployTest -Dupdate=true test

fmt: ## formats the code
	$(MVN) spotless:apply

.PHONY: help test run bench crds fmt
