/** What the operator costs and how fast it is, as a process on a real API server. {@code make bench} prints it. */
@NullMarked
package dev.modelrollout.bench;

import org.jspecify.annotations.NullMarked;
