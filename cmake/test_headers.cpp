// Stands for all tests where their common headers are precompiled (AttaccaBuild.cmake).
