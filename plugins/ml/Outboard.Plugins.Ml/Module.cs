using System.Runtime.CompilerServices;

// Scratch blocks on the stack are written before they are read; clearing them would cost more than some kernels do.
[module: SkipLocalsInit]
