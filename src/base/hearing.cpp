#include "attacca/base/hearing.h"
