// SQLite's C interface, and what Swift cannot say of it: variadic calls and destructors that are
// integers cast to pointers.
#ifndef BAILIFF_CSQLITE_H
#define BAILIFF_CSQLITE_H

#include <sqlite3.h>

// SQLite copies the bytes before the call returns.
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const char *text,
                                    sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes,
                                    sqlite3_uint64 count) {
    return sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT);
}

static inline void csqlite_result_blob(sqlite3_context *context, const void *bytes, int count) {
    sqlite3_result_blob(context, bytes, count, SQLITE_TRANSIENT);
}

static inline int csqlite_configure(sqlite3 *database, int option, int value) {
    return sqlite3_db_config(database, option, value, (int *)0);
}

// The write-ahead log of an open database, as the file system in use knows it; nil where there is
// none.
static inline sqlite3_file *csqlite_log_file(sqlite3 *database) {
    sqlite3_file *file = 0;
    int code =
        sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *)&file);
    return code == SQLITE_OK && file && file->pMethods ? file : 0;
}

static inline int csqlite_sync(sqlite3_file *file) {
    int code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    return code == SQLITE_OK ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

// Codes that are sums of macros.
static inline int csqlite_io_error_sync(void) { return SQLITE_IOERR_FSYNC; }
static inline int csqlite_io_error_directory_sync(void) { return SQLITE_IOERR_DIR_FSYNC; }

#endif
