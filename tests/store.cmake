# the store, blobs, the committer and the log
ac_test(store test_store.c PkgConfig::SQLITE)
ac_test(blob test_blob.c)
ac_test(merkle test_merkle.c)
ac_test(audit test_audit.c PkgConfig::SQLITE OpenSSL::Crypto)
ac_test(audit_verify test_audit_verify.c PkgConfig::SQLITE)
if(NOT AC_TSAN)
  # a limit of Criterion's own makes its runner leak now and then
  set_tests_properties(store blob merkle audit audit_verify PROPERTIES TIMEOUT 300)
endif()
