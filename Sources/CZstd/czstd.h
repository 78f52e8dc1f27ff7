// Zstandard's simple interface: whole buffers in, whole buffers out.
#ifndef BAILIFF_CZSTD_H
#define BAILIFF_CZSTD_H

#include <zstd.h>

#endif
