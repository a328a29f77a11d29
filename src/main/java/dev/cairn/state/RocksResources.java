package dev.cairn.state;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.Env;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * What the databases of a worker share, so that its native memory has one bound: the block cache (blocks, indexes and
 * filters, charged with the little that memtables take) and the compaction threads.
 *
 * <p>Thread-safe. Closed after the last database.
 */
public final class RocksResources implements AutoCloseable {

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    /** Nothing is ever put, so that memtables stay empty. */
    private static final long WRITE_BUFFER_BYTES = 64 * KIB;

    /** Every ingestion adds to the MANIFEST; without a limit a restore would fetch megabytes of history. */
    private static final long MANIFEST_LIMIT_BYTES = 64 * KIB;

    private static final long TARGET_FILE_BYTES = 32 * MIB;
    private static final double BLOOM_BITS_PER_KEY = 10;

    private final long cacheBytes;
    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final BloomFilter filter;
    private final BlockBasedTableConfig tables;
    private boolean closed;

    /** @param cacheBytes the bound of the block cache */
    public RocksResources(long cacheBytes) {
        // Here, not when the class is initialized, which the builder of a native executable does on its own machine.
        RocksDB.loadLibrary();
        this.cacheBytes = cacheBytes;
        filter = new BloomFilter(BLOOM_BITS_PER_KEY);
        cache = new LRUCache(cacheBytes);
        writeBuffers = new WriteBufferManager(Math.max(cacheBytes / 8, MIB), cache);
        tables = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFilterPolicy(filter)
                .setFormatVersion(5)
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setMetadataBlockSize(4 * KIB);
        Env.getDefault().setBackgroundThreads(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    /** For a database. The caller closes it, after the database. */
    Options databaseOptions() {
        return sstOptions()
                .setCreateIfMissing(true)
                .setWriteBufferManager(writeBuffers)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxManifestFileSize(MANIFEST_LIMIT_BYTES)
                .setTargetFileSizeBase(TARGET_FILE_BYTES)
                .setLevelCompactionDynamicLevelBytes(true)
                .setMaxBackgroundJobs(2)
                .setAvoidFlushDuringShutdown(true)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(MIB);
    }

    /** For a sorted file: as the database writes its own. The caller closes it. */
    Options sstOptions() {
        return new Options().setTableFormatConfig(tables).setCompressionType(CompressionType.LZ4_COMPRESSION);
    }

    /** Bytes of native memory that the cache holds, pinned or not. */
    public long cacheUsage() {
        return cache.getUsage();
    }

    /** What the cache holds; nothing once it is closed. */
    public synchronized CacheFigures cacheFigures() {
        return closed ? CacheFigures.NONE : new CacheFigures(cacheBytes, cache.getUsage(), cache.getPinnedUsage());
    }

    @Override
    public synchronized void close() {
        closed = true;
        writeBuffers.close();
        cache.close();
        filter.close();
    }
}
