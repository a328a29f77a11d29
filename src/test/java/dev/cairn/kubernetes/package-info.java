/**
 * The manifests below {@code k8s/}, rendered as {@code kubectl kustomize} renders them and read into the types of their
 * kinds, without a cluster.
 */
package dev.cairn.kubernetes;
