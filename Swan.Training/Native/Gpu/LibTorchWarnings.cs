namespace Swan.Training.Native;

/// <summary>libtorch's warnings, which it writes to standard error by itself.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal static unsafe class LibTorchWarnings
{
    private const int Errors = 2;
    private static readonly Lazy<nint> Level = new(
        () => TorchExports.TryFind("FLAGS_caffe2_log_level", out nint level) ? level : 0);

    private static readonly Lock Gate = new();
    private static int _hushes, _before;

    /// <summary>From which severity on libtorch writes: 1 for warnings; null where this libtorch doesn't say.</summary>
    public static int? Least => Level.Value == 0 ? null : *(int*)Level.Value;

    /// <summary>
    /// Keeps warnings of the whole process back until the result is disposed of; errors are written. Null, and nothing is kept back, where
    /// this libtorch has no such switch.
    /// </summary>
    public static IDisposable? Hush()
    {
        if (Level.Value == 0) return null;
        lock (Gate)
        {
            if (_hushes++ == 0) (_before, *(int*)Level.Value) = (*(int*)Level.Value, Math.Max(*(int*)Level.Value, Errors));
        }
        return new Hushed();
    }

    private sealed class Hushed : IDisposable
    {
        private bool _ended;

        public void Dispose()
        {
            if (_ended) return;
            _ended = true;
            lock (Gate)
            {
                if (--_hushes == 0) *(int*)Level.Value = _before;
            }
        }
    }
}
