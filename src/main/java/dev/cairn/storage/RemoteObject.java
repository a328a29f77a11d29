package dev.cairn.storage;

import java.util.concurrent.ExecutorService;

import software.amazon.awssdk.services.s3.S3Client;

/**
 * An object of a bucket, there or to be, and what its transfer takes.
 *
 * @param transfers runs its parts
 */
record RemoteObject(S3Client client, String bucket, String key, ExecutorService transfers) {}
