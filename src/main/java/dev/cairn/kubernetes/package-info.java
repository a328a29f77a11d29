/** What a worker asks Kubernetes, when it runs there: whether it is being taken away, or restarted. */
package dev.cairn.kubernetes;
