using System.Runtime.CompilerServices;
using Swan.Training.Native;

namespace Swan.Training.Tests;

internal static class TorchPreparation
{
    // Some tests make tensors before they touch the library.
    [ModuleInitializer]
    internal static void Prepare() => TorchLibrary.Prepare();
}
