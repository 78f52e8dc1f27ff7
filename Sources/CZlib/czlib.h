// zlib's streaming inflation: what gzip wrote, a piece at a time.
#ifndef BAILIFF_CZLIB_H
#define BAILIFF_CZLIB_H

#include <zlib.h>

#endif
