@NullMarked
package dev.modelrollout;

import org.jspecify.annotations.NullMarked;
