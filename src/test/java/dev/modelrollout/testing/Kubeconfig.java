package dev.modelrollout.testing;

import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Kubeconfigs for processes. */
public final class Kubeconfig {

    private Kubeconfig() {}

    /**
     * With the rights of this ServiceAccount and no others, good for an hour: YAML.
     *
     * @param client of a server that it is to be used with
     */
    public static String of(KubernetesClient client, String namespace, String serviceAccount) {
        var token = client.serviceAccounts()
                .inNamespace(namespace)
                .withName(serviceAccount)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(3600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        var config = client.getConfiguration();
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: testbed
                  cluster: {server: "%s", %s}
                users:
                - name: %s
                  user: {token: "%s"}
                contexts:
                - name: testbed
                  context: {cluster: testbed, user: %3$s}
                current-context: testbed
                """.formatted(config.getMasterUrl(), authority(config), serviceAccount, token);
    }

    private static String authority(Config config) {
        return config.getCaCertData() == null
                ? "certificate-authority: \"%s\"".formatted(config.getCaCertFile())
                : "certificate-authority-data: \"%s\"".formatted(config.getCaCertData());
    }
}
