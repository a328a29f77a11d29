/** What goes wrong on purpose: stores, proxies, brokers and group members that fail, hang, slow down or stop at a step. */
package dev.cairn.testkit.fault;
