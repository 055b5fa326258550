package dev.modelrollout.operator;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.InputStream;

/**
 * Reads what the API server says. Our types take any sound JSON, so what cannot be read was cut or garbled on the way:
 * a fault like a broken connection, which an informer tries again. The cause is left out, for by it the SDK would tell
 * an object that cannot be read, and stop the informer for good; and it may quote what was said.
 */
final class Wire extends KubernetesSerialization {

    Wire(ObjectMapper mapper) {
        super(mapper, false);
    }

    @Override
    public <T> T unmarshal(InputStream body, TypeReference<T> type) {
        try {
            return super.unmarshal(body, type);
        } catch (RuntimeException e) {
            throw new KubernetesClientException("an answer of the API server cannot be read");
        }
    }
}
