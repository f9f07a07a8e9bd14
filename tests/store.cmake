# the store, blobs, the committer and the log
ac_test(store test_store.c PkgConfig::SQLITE)
