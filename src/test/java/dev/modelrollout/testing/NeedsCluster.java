package dev.modelrollout.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test starts a {@link Cluster}. Without {@code TESTBED} and {@code TESTBED_BIN} it is skipped; with
 * {@code REQUIRE_API_SERVER=true} that is an error.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ClusterCondition.class)
public @interface NeedsCluster {}
