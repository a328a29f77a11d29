package dev.cairn.storage;

import software.amazon.awssdk.services.s3.S3Client;

/**
 * An object of a bucket, there or to be, and what its transfer takes.
 *
 * @param calls makes its calls
 */
record RemoteObject(S3Client client, String bucket, String key, S3Calls calls) {}
