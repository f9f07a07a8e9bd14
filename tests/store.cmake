# the store, blobs, the committer and the log
ac_test(store test_store.c PkgConfig::SQLITE)
ac_test(blob test_blob.c)
