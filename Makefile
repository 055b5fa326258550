MVN ?= mvn -B -q
JAR := target/quarkus-app/quarkus-run.jar
CLASSPATH := target/test.classpath

.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

test: ## all tests; those that need a real API server or Prometheus skip when there is none
	mvn -B verify

$(JAR): pom.xml $(shell find src/main -type f)
	$(MVN) -DskipTests package
	@touch $(JAR)

$(CLASSPATH): $(JAR) $(shell find src/test -type f)
	$(MVN) test-compile dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=$@
	@touch $@

demo: $(CLASSPATH) ## three rollouts without a cluster, in a minute; FAST=1 shortens, KEEP=1 leaves it running
	@java -cp target/test-classes:target/classes:$$(cat $(CLASSPATH)) dev.modelrollout.demo.Demo

run: $(JAR) ## the operator, against the current kubectl context
	java -jar $(JAR)

bench: $(JAR) ## what 1,000 rollouts cost, and how fast a breach is answered (needs a real API server)
	mvn -B -q -Dexcluded.tags=e2e,soak -Dtest=FleetBench test

# From the environment: TESTBED, the folder of the script that starts a cluster, and TESTBED_BIN, that of the programs.
e2e: $(JAR) ## the packaged operator with a real API server, gateway and Prometheus, under load
	PATH="$(TESTBED_BIN):$$PATH" mvn -B -Dexcluded.tags=bench,soak -Dtest=EndToEndTest test

crds: ## the CRD and its page, from the records in src/main/java/dev/modelrollout/api
	$(MVN) -DskipTests package
	$(MVN) -Dtest=DeployTest,ReferenceTest -Dupdate=true test

fmt: ## formats the code
	$(MVN) spotless:apply

.PHONY: help test demo run bench e2e crds fmt
