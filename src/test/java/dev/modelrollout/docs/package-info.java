/**
 * What people read: README and {@code docs/} say what the code does. May import the wire, the core, the settings and
 * {@code testing}.
 *
 * <p>To add a page: write it, and link it; its links, commands, manifests, queries and metrics are checked as they are
 * everywhere.
 */
@NullMarked
package dev.modelrollout.docs;

import org.jspecify.annotations.NullMarked;
