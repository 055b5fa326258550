/**
 * What people read: README and {@code docs/} say what the code does. May import the wire, the core and {@code testing}.
 *
 * <p>To add a page: write it; links, commands, manifests and metrics in it are checked as they are everywhere.
 */
@NullMarked
package dev.modelrollout.docs;

import org.jspecify.annotations.NullMarked;
