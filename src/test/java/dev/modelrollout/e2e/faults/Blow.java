package dev.modelrollout.e2e.faults;

import java.io.IOException;

/** What ends the reign of a leader. */
enum Blow {
    KILLED("killed") {
        @Override
        void strike(Replica leader) {
            leader.process().close();
        }

        @Override
        void end(Replica leader) {}
    },
    STOPPED("stopped (SIGSTOP), and woken when another one has written") {
        @Override
        void strike(Replica leader) throws IOException, InterruptedException {
            leader.process().signal("STOP");
        }

        @Override
        void end(Replica leader) throws IOException, InterruptedException {
            leader.process().signal("CONT");
        }
    },
    CUT_OFF("cut off from the API server, until another one has written") {
        @Override
        void strike(Replica leader) {
            leader.proxy().disconnect();
        }

        @Override
        void end(Replica leader) {
            leader.proxy().connect();
        }
    };

    private final String text;

    Blow(String text) {
        this.text = text;
    }

    abstract void strike(Replica leader) throws IOException, InterruptedException;

    abstract void end(Replica leader) throws IOException, InterruptedException;

    @Override
    public String toString() {
        return text;
    }
}
