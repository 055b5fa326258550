package dev.modelrollout.operator;

import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** {@code /q/metrics} on the management port, in the format that the scraper asks for. */
@Singleton
final class MetricsEndpoint {

    private static final int USUAL_SIZE = 32 * 1024;

    private final OwnMetrics metrics;
    private final ExpositionFormats formats =
            ExpositionFormats.init(PrometheusProperties.get().getExporterProperties());

    MetricsEndpoint(OwnMetrics metrics) {
        this.metrics = metrics;
    }

    void register(@Observes ManagementInterface management) {
        management.router().get("/q/metrics").handler(this::serve);
    }

    private void serve(RoutingContext request) {
        var writer = formats.findWriter(request.request().getHeader("Accept"));
        var body = new ByteArrayOutputStream(USUAL_SIZE);
        try {
            writer.write(body, metrics.scrape());
            request.response()
                    .putHeader("Content-Type", writer.getContentType())
                    .end(Buffer.buffer(body.toByteArray()));
        } catch (IOException e) {
            request.fail(e);
        }
    }
}
