package dev.modelrollout.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** The versions of a model behind a route, and the one that should serve. */
@Group("modelrollout.dev")
@Version("v1alpha1")
@Plural("modelrollouts") // else each object works it out of its kind
@ShortNames("mro")
@AdditionalPrinterColumn(name = "TARGET", jsonPath = ".spec.target", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "LIVE", jsonPath = ".status.live", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "WEIGHT", jsonPath = ".status.weight", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "STEP",
        jsonPath = ".status.rollout.progress",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "STATUS",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "AGE",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "MESSAGE",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@ValidationRule(
        value = "!has(self.status) || !has(self.status.live) ||"
                + " self.spec.versions.exists(v, v.name == self.status.live)",
        messageExpression =
                "self.status.live + ' serves traffic: keep it in spec.versions until another version is live'")
@ValidationRule(
        value = "!has(oldSelf.status) || !has(oldSelf.status.weights) ||"
                + " !oldSelf.status.weights.exists(w, w.weight > 0 && w.weight < 100) ||"
                + " self.spec.route == oldSelf.spec.route",
        message =
                "traffic is split on this route: set spec.target to the version that is live, wait until it has all"
                        + " traffic, and change spec.route then; if the route is gone, delete the ModelRollout and create it again")
public class ModelRollout extends CustomResource<ModelRolloutSpec, ModelRolloutStatus> implements Namespaced {

    private static final long serialVersionUID = 1L;

    @Required
    @Override
    public ModelRolloutSpec getSpec() {
        return super.getSpec();
    }
}
