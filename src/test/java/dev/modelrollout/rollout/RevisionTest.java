package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RevisionTest {

    private static final Backend CHAT = Backend.service("chat");

    @Test
    void any_part_that_differs_makes_another_revision() {
        assertThat(List.of(
                        revision("v2", "chat-v2", CHAT, "template", 1),
                        revision("v3", "chat-v2", CHAT, "template", 1),
                        revision("v2", "chat-v3", CHAT, "template", 1),
                        revision("v2", "chat-v2", new Backend("example.com", "Service", "chat"), "template", 1),
                        revision("v2", "chat-v2", new Backend("", "InferencePool", "chat"), "template", 1),
                        revision("v2", "chat-v2", Backend.service("talk"), "template", 1),
                        revision("v2", "chat-v2", CHAT, "another template", 1),
                        revision("v2", "chat-v2", CHAT, "template", 2)))
                .doesNotHaveDuplicates();
    }

    // What failed under one release of the operator has failed under the next.
    @Test
    void it_is_the_same_for_ever() {
        assertThat(revision("v2", "chat-v2", CHAT, "template", 1).id()).isEqualTo("70f93815ef");
    }

    private static Revision revision(String name, String deployment, Backend backend, String template, int attempt) {
        return Revision.of(new ModelVersion(name, deployment, backend), template, attempt);
    }
}
