package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Blindness.BAD_ANSWER;
import static dev.modelrollout.analysis.Blindness.BAD_QUERY;
import static dev.modelrollout.analysis.Blindness.CLOCK_SKEW;
import static dev.modelrollout.analysis.Blindness.CREDENTIALS_REJECTED;
import static dev.modelrollout.analysis.Blindness.REDIRECTED;
import static dev.modelrollout.analysis.Blindness.SERVER_ERROR;
import static dev.modelrollout.analysis.Blindness.TOO_LARGE;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * What came back to a call.
 *
 * @param asked ours before the request
 * @param answered ours after the last byte
 */
record Reply(Call call, Instant asked, Instant answered, HttpResponse<Optional<byte[]>> response) {

    private static final int MAX_BODY_BYTES = 1024 * 1024;
    private static final Duration MAX_PAUSE = Duration.ofMinutes(10);
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
    /** {@code Date} is cut to whole seconds (RFC 9110, section 5.6.7). */
    private static final Duration DATE_RESOLUTION = Duration.ofSeconds(1);

    /** Reads a body that can hold an answer, and nothing of another. */
    static BodySubscriber<Optional<byte[]>> body(ResponseInfo head) {
        return new CappedBody(head.statusCode() == 200 ? MAX_BODY_BYTES : 0);
    }

    List<Answer> answers() {
        return refusal().map(call::missing).orElseGet(this::content);
    }

    /** Until when the server asks to be left alone, 10 min at most; only one that refuses for now is heard. */
    Optional<Instant> retryAfter() {
        var latest = answered.plus(MAX_PAUSE);
        return response.statusCode() == 429 || response.statusCode() == 503
                ? response.headers()
                        .firstValue("Retry-After")
                        .flatMap(this::time)
                        .map(at -> at.isAfter(latest) ? latest : at)
                : Optional.empty();
    }

    /** Seconds from now, or a date (RFC 9110, section 10.2.3). */
    private Optional<Instant> time(String retryAfter) {
        return SECONDS.matcher(retryAfter).matches()
                ? Optional.of(answered.plusSeconds(Long.parseLong(retryAfter)))
                : instant(retryAfter);
    }

    private Optional<Blindness> refusal() {
        return switch (response.statusCode()) {
            case 200 -> isSkewed() ? Optional.of(CLOCK_SKEW) : Optional.empty();
            case 400, 422 -> Optional.of(BAD_QUERY);
            case 401, 403 -> Optional.of(CREDENTIALS_REJECTED);
            case 429 -> Optional.of(SERVER_ERROR);
            default -> Optional.of(ofClass(response.statusCode() / 100));
        };
    }

    private static Blindness ofClass(int hundreds) {
        return switch (hundreds) {
            case 3 -> REDIRECTED;
            case 5 -> SERVER_ERROR;
            default -> BAD_ANSWER;
        };
    }

    private boolean isSkewed() {
        return response.headers()
                .firstValue("Date")
                .flatMap(Reply::instant)
                .filter(this::disagrees)
                .isPresent();
    }

    /** The server wrote its date between our two instants, so a slow answer is not taken for a wrong clock. */
    private boolean disagrees(Instant date) {
        var tolerated = call.toleratedSkew();
        return date.isAfter(answered.plus(tolerated))
                || date.plus(DATE_RESOLUTION).isBefore(asked.minus(tolerated));
    }

    private static Optional<Instant> instant(String date) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
        } catch (DateTimeParseException notJudged) {
            return Optional.empty();
        }
    }

    private List<Answer> content() {
        if (response.body().isEmpty()) {
            return call.missing(TOO_LARGE);
        }
        try (var content = decoded(response.body().get())) {
            var bytes = content.readNBytes(MAX_BODY_BYTES + 1);
            return bytes.length > MAX_BODY_BYTES ? call.missing(TOO_LARGE) : new AnswerReader(call).read(bytes);
        } catch (IOException notGzip) {
            return call.missing(BAD_ANSWER);
        }
    }

    private InputStream decoded(byte[] body) throws IOException {
        var raw = new ByteArrayInputStream(body);
        return response.headers()
                        .firstValue("Content-Encoding")
                        .filter("gzip"::equalsIgnoreCase)
                        .isPresent()
                ? new GZIPInputStream(raw)
                : raw;
    }
}
