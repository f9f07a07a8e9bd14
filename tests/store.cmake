# the store, blobs, the committer and the log
ac_test(store test_store.c PkgConfig::SQLITE)
ac_test(migrate test_migrate.c)
ac_test(blob test_blob.c)
ac_test(merkle test_merkle.c)
ac_test(audit test_audit.c PkgConfig::SQLITE OpenSSL::Crypto)
ac_test(audit_verify test_audit_verify.c PkgConfig::SQLITE)
ac_test(committer test_committer.c)
ac_test(reserve test_reserve.c)
ac_test(committer_faults test_committer_faults.c)
if(NOT AC_TSAN)
  # a limit of Criterion's own makes its runner leak now and then
  set_tests_properties(store blob merkle audit audit_verify committer reserve committer_faults PROPERTIES TIMEOUT 300)
endif()

add_executable(bench_commit bench/bench_commit.c)
target_link_libraries(bench_commit PRIVATE core)
# registered under ThreadSanitizer only: elsewhere it would prove nothing
add_executable(tsan_committer tsan_committer.c)
target_link_libraries(tsan_committer PRIVATE core)
if(AC_TSAN)
  add_test(NAME tsan_committer COMMAND tsan_committer)
  set_tests_properties(tsan_committer PROPERTIES TIMEOUT 300 FAIL_REGULAR_EXPRESSION "WARNING: ThreadSanitizer")
endif()
