MVN ?= mvn -B -q
JAR := target/quarkus-app/quarkus-run.jar
CLASSPATH := target/test.classpath

.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

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
	$(MVN) -Dexcluded.tags=e2e,soak -Dtest=FleetBench test

bench-decisions: ## right and wrong decisions on simulated traffic, beside the rules of others (minutes)
	$(MVN) -Dexcluded.tags=e2e,soak -DargLine=-XX:+UseParallelGC -Dtest=AnalysisBench test

bench-decide: $(CLASSPATH) ## how long one decision on five checks takes
	@java -cp target/test-classes:target/classes:$$(cat $(CLASSPATH)) org.openjdk.jmh.Main DecideBench

e2e-prometheus: $(JAR) ## what Prometheus can do wrong, row by row, for every kind of check (needs both real servers)
	$(MVN) -Dexcluded.tags=bench,soak -Dtest=PrometheusFaultsTest,PrometheusOutageTest test

soak: ## a million random lives of a rollout, instead of ten thousand
	$(MVN) -Dtest=RolloutSimulationTest -Dhistories=1000000 test

fuzz: ## ten thousand hostile objects beside a rollout that has to go on, instead of five hundred (needs a real API server)
	$(MVN) -Dtest=FuzzTest -Dobjects=10000 test

mutation: ## which changes of the decisions and of the statistics no test of theirs notices (takes long)
	mvn -B -Pmutation test-compile org.pitest:pitest-maven:mutationCoverage

e2e: testbed $(JAR) ## the packaged operator with a real API server, gateway and Prometheus, under load
	PATH="$(TESTBED_BIN):$$PATH" $(MVN) -Dexcluded.tags=bench,soak -Dtest=EndToEndTest test

e2e-decisions: $(JAR) ## right and wrong decisions of the packaged operator, many rollouts at once (needs a real API server)
	$(MVN) -Dexcluded.tags=bench,soak -Dtest=DecisionsEndToEndTest test

e2e-faults: $(JAR) ## the packaged operator killed, refused and cut off at its writes, alone and with a standby (needs a real API server)
	$(MVN) -Dexcluded.tags=bench,soak -Dtest=FaultsEndToEndTest,StartEndToEndTest,LeadersEndToEndTest,BreachEndToEndTest test

# A cluster without containers: the script that starts it, and the servers.
testbed:
	@for program in "$(TESTBED)/apiserver" "$(TESTBED_BIN)/traefik" "$(TESTBED_BIN)/prometheus"; do \
	  test -x "$$program" || { echo "TESTBED and TESTBED_BIN must name the folders of the script apiserver and of" \
	    "the servers it starts: there is no program $$program" >&2; exit 1; }; \
	done

crds: ## the CRD and its page, from the records in src/main/java/dev/modelrollout/api
	$(MVN) -DskipTests package
	$(MVN) -Dtest=DeployTest,ReferenceTest -Dupdate=true test

fmt: ## formats the code
	$(MVN) spotless:apply

.PHONY: help test demo run bench bench-decisions bench-decide soak fuzz mutation e2e e2e-decisions e2e-faults e2e-prometheus testbed crds fmt
