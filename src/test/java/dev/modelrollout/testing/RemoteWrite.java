package dev.modelrollout.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request of the Prometheus Remote-Write 1.0 specification: protobuf, in the block format of Snappy, whose literals
 * alone are used.
 */
final class RemoteWrite {

    /** "Staleness markers" of the specification. */
    private static final long STALE = 0x7ff0000000000002L;

    private static final int MAX_LITERAL = 1 << 16;

    private RemoteWrite() {}

    /** One series; a value that is NaN says that the series has ended. */
    record TimeSeries(Map<String, String> labels, Map<Instant, Double> samples) {}

    static byte[] body(Collection<TimeSeries> series) {
        var request = new Message();
        series.forEach(one -> request.bytes(1, message(one)));
        return snappy(request.toByteArray());
    }

    private static byte[] message(TimeSeries series) {
        var message = new Message();
        new TreeMap<>(series.labels()).forEach((name, value) -> {
            var label = new Message();
            label.bytes(1, name.getBytes(StandardCharsets.UTF_8));
            label.bytes(2, value.getBytes(StandardCharsets.UTF_8));
            message.bytes(1, label.toByteArray());
        });
        new TreeMap<>(series.samples()).forEach((time, value) -> {
            var sample = new Message();
            sample.fixed64(1, value.isNaN() ? STALE : Double.doubleToLongBits(value));
            sample.varint(2, time.toEpochMilli());
            message.bytes(2, sample.toByteArray());
        });
        return message.toByteArray();
    }

    private static byte[] snappy(byte[] raw) {
        var block = new Message();
        block.varint(raw.length);
        for (var from = 0; from < raw.length; from += MAX_LITERAL) {
            var length = Math.min(MAX_LITERAL, raw.length - from);
            block.write(61 << 2);
            block.write(length - 1);
            block.write((length - 1) >> 8);
            block.write(raw, from, length);
        }
        return block.toByteArray();
    }

    /** Fields as protobuf writes them. */
    private static final class Message extends ByteArrayOutputStream {

        void bytes(int field, byte[] value) {
            varint(field << 3 | 2);
            varint(value.length);
            writeBytes(value);
        }

        void fixed64(int field, long value) {
            varint(field << 3 | 1);
            writeBytes(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array());
        }

        void varint(int field, long value) {
            varint(field << 3);
            varint(value);
        }

        void varint(long value) {
            var rest = value;
            for (; rest >>> 7 != 0; rest >>>= 7) {
                write((int) (rest & 0x7f) | 0x80);
            }
            write((int) rest);
        }
    }
}
