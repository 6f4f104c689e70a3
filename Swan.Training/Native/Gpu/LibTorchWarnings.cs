namespace Swan.Training.Native;

/// <summary>libtorch's warnings, which it writes to standard error by itself.</summary>
internal static unsafe class LibTorchWarnings
{
    private const int Errors = 2;
    private static readonly Lazy<nint> Level = new(
        () => TorchExports.TryFind("FLAGS_caffe2_log_level", out nint level) ? level : 0);

    /// <summary>From which severity on libtorch writes: 1 for warnings; null where this libtorch doesn't say.</summary>
    public static int? Least => Level.Value == 0 ? null : *(int*)Level.Value;

    /// <summary>
    /// Keeps warnings of the whole process back until the result is disposed of; errors are written. Null, and nothing is kept back, where
    /// this libtorch has no such switch.
    /// </summary>
    public static IDisposable? Hush()
    {
        if (Level.Value == 0) return null;
        var restored = new Restored(*(int*)Level.Value);
        *(int*)Level.Value = Math.Max(restored.Before, Errors);
        return restored;
    }

    private sealed class Restored(int before) : IDisposable
    {
        public int Before => before;

        public void Dispose() => *(int*)Level.Value = before;
    }
}
