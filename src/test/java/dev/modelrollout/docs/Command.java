package dev.modelrollout.docs;

import java.util.List;
import java.util.regex.Pattern;

/** A command as a person types it. */
public record Command(String text) {

    private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"[^\"]*\")+");

    /** The words that a shell would make of it; quotes are all that it knows. */
    public List<String> words() {
        return WORD.matcher(text)
                .results()
                .map(word -> word.group().replaceAll("'([^']*)'|\"([^\"]*)\"", "$1$2"))
                .toList();
    }

    String program() {
        return words().get(0);
    }
}
