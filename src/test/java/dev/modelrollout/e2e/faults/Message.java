package dev.modelrollout.e2e.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A request or an answer of HTTP/1.1 (RFC 9112), with all of its body.
 *
 * @param start its first line
 * @param headers without those that frame the body
 * @param body a character for each byte
 */
record Message(String start, List<String> headers, String body) {

    /** Nothing when the other side has closed the connection before. */
    static Optional<Message> read(InputStream in) throws IOException {
        var start = line(in);
        if (start.isEmpty()) {
            return Optional.empty();
        }
        var headers = new ArrayList<String>();
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            headers.add(header);
        }
        var head = new Message(start, headers, "");
        var body = head.header("Transfer-Encoding").isPresent()
                ? chunks(in)
                : new String(
                        in.readNBytes(head.header("Content-Length")
                                .map(Integer::parseInt)
                                .orElse(0)),
                        ISO_8859_1);
        headers.removeIf(header -> is(header, "Transfer-Encoding") || is(header, "Content-Length"));
        return Optional.of(new Message(start, headers, body));
    }

    /** An answer as the API server gives it. */
    static Message refusal(int status) {
        var body = """
                {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": %d, "message": "a fault"}""".formatted(status);
        var headers = new ArrayList<>(List.of("Content-Type: application/json"));
        if (status == 429) {
            headers.add("Retry-After: 1");
        }
        return new Message("HTTP/1.1 %d Fault".formatted(status), headers, body);
    }

    void write(OutputStream out) throws IOException {
        var head = new StringBuilder(start).append("\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        if (!isSwitch()) {
            head.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        out.write(head.append("\r\n").append(body).toString().getBytes(ISO_8859_1));
        out.flush();
    }

    /** The same, without this header. */
    Message without(String name) {
        return new Message(
                start, headers.stream().filter(header -> !is(header, name)).toList(), body);
    }

    String method() {
        return start.substring(0, start.indexOf(' '));
    }

    /** With its query. */
    String target() {
        return start.split(" ", 3)[1];
    }

    String path() {
        return target().replaceFirst("\\?.*", "");
    }

    boolean isWatch() {
        return target().contains("watch=true");
    }

    boolean isWrite() {
        return !method().equals("GET");
    }

    /** Of an answer. */
    int status() {
        return Integer.parseInt(start.split(" ", 3)[1]);
    }

    /** From here on it is no HTTP any more. */
    boolean isSwitch() {
        return start.startsWith("HTTP/1.1 101") || header("Upgrade").isPresent();
    }

    String text() {
        return new String(body.getBytes(ISO_8859_1), UTF_8);
    }

    Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> is(header, name))
                .map(header -> header.substring(name.length() + 1).trim())
                .findFirst();
    }

    private static boolean is(String header, String name) {
        return header.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":");
    }

    private static String chunks(InputStream in) throws IOException {
        var all = new ByteArrayOutputStream();
        for (var size = size(in); size > 0; size = size(in)) {
            all.writeBytes(in.readNBytes(size));
            line(in);
        }
        line(in);
        return all.toString(ISO_8859_1);
    }

    private static int size(InputStream in) throws IOException {
        var line = line(in);
        if (line.isEmpty()) {
            throw new EOFException("within a chunked body");
        }
        return Integer.parseInt(line, 16);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(ISO_8859_1);
    }
}
