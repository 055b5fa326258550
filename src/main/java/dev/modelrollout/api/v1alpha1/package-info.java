/**
 * The wire: what users write and read. Imports Jackson and Fabric8 annotations, and nothing of ours.
 *
 * <p>A field is added here together with its behaviour; the schema in {@code crds/} is generated from these records.
 */
@NullMarked
package dev.modelrollout.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
