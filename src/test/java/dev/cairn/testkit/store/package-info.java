/** Object stores for tests: services that speak S3, wrappers, and a look at the files of a store. */
package dev.cairn.testkit.store;
