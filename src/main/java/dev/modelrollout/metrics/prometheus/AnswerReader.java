package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Blindness.BAD_ANSWER;
import static dev.modelrollout.analysis.Blindness.PARTIAL_DATA;
import static dev.modelrollout.analysis.Blindness.WRONG_TYPE;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.modelrollout.analysis.Answer;
import java.io.IOException;
import java.util.List;

/** Makes answers of the body of a query, as described in "HTTP API" of Prometheus' documentation. */
record AnswerReader(Call call) {

    private static final ObjectReader JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .reader();

    /** One for each tick of the call. Never throws: a body that makes no sense is an answer too. */
    List<Answer> read(byte[] body) {
        try {
            return response(JSON.readTree(body));
        } catch (IOException itsMessageShowsTheBody) {
            return call.missing(BAD_ANSWER);
        }
    }

    private List<Answer> response(JsonNode response) {
        if (!"success".equals(response.path("status").asText())) {
            return call.missing(BAD_ANSWER);
        }
        if (!response.path("warnings").isEmpty()) {
            return call.missing(PARTIAL_DATA);
        }
        return data(response.path("data"));
    }

    private List<Answer> data(JsonNode data) {
        var type = data.path("resultType").asText();
        var result = data.path("result");
        return switch (call.question().form()) {
            case NUMBER -> List.of(new NumberReader(call).read(type, result));
            case COUNTERS ->
                switch (type) {
                    case "vector", "matrix" ->
                        type.equals("vector") == call.isInstant()
                                ? new CountersReader(call).read(result)
                                : call.missing(WRONG_TYPE);
                    case "scalar", "string" -> call.missing(WRONG_TYPE);
                    default -> call.missing(BAD_ANSWER);
                };
        };
    }
}
