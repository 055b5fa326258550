package dev.modelrollout.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs against a real kube-apiserver, and may take the {@link ApiServer} as a parameter. Without binaries in
 * {@code KUBE_API_TEST_DIR} it is skipped; with {@code REQUIRE_API_SERVER=true} that is an error.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ApiServerExtension.class)
public @interface NeedsApiServer {}
