package dev.modelrollout.metrics.prometheus;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** What some files say together. They are read again when they change; as long as they make no sense, the last good one holds. */
final class Reloaded<T> {

    /** Makes sense of the files' texts, in their order. */
    interface Parser<T> {
        T parse(List<String> texts) throws GeneralSecurityException, IOException;
    }

    private static final System.Logger LOG = System.getLogger(Reloaded.class.getName());

    private final String key;
    private final List<Path> files;
    private final Parser<T> parser;
    private List<String> seen;
    private T good;
    private boolean broken;

    /**
     * @param key what messages call the files
     * @throws IllegalArgumentException when they make no sense now
     */
    Reloaded(String key, List<Path> files, Parser<T> parser) {
        this.key = key;
        this.files = List.copyOf(files);
        this.parser = parser;
        try {
            this.seen = read();
            this.good = parser.parse(seen);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException itsMessageMayShowContent) {
            throw new IllegalArgumentException(key + " cannot be read, or does not hold what it should");
        }
    }

    synchronized T current() {
        try {
            var texts = read();
            if (!texts.equals(seen)) {
                good = parser.parse(texts);
                seen = texts;
            }
            broken = false;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException halfWritten) {
            warnOnce();
        }
        return good;
    }

    private void warnOnce() {
        if (!broken) {
            LOG.log(WARNING, "event=CredentialUnreadable key={0} inForce=\"the last good one\"", key);
        }
        broken = true;
    }

    private List<String> read() throws IOException {
        var texts = new ArrayList<String>();
        for (var file : files) {
            texts.add(Files.readString(file));
        }
        return texts;
    }
}
