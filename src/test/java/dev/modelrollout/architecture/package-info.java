/** What may know what, as rules that fail the build. */
@NullMarked
package dev.modelrollout.architecture;

import org.jspecify.annotations.NullMarked;
