using Swan.MLNet;
using TorchSharp;

namespace Swan.Training.Native;

/// <summary>
/// libtorch's automatic mixed precision: matrix products and convolutions in bfloat16, what needs more in float32. TorchSharp doesn't bind
/// it.
/// </summary>
/// <remarks>
/// The state is the thread's. Weights stay float32 and so do their gradients; a weight is converted once a scope. What runs backward needs
/// no scope, as each operation has recorded its types.
/// </remarks>
internal static unsafe class Autocast
{
    private const sbyte Bfloat16 = (sbyte)torch.ScalarType.BFloat16;

    private const string Prefix = "_ZN2at8autocast";
    private static readonly Lazy<Functions?> Found = new(Find);

    /// <summary>Whether this libtorch has it where it is looked for.</summary>
    public static bool IsThere => Found.Value is not null;

    /// <summary>Switches it on for this thread until the result is disposed of.</summary>
    /// <param name="device">Where it computes.</param>
    /// <exception cref="SwanDeviceException">This libtorch doesn't have it.</exception>
    public static IDisposable InBfloat16(DeviceType device)
    {
        ThrowIfMissing();
        return new Scope(Found.Value!, (sbyte)device, on: true);
    }

    /// <summary>Switches it off for this thread until the result is disposed of; nothing where it isn't on.</summary>
    /// <param name="device">Where it computes.</param>
    public static IDisposable? Suspend(DeviceType device) =>
        Found.Value is { } functions && functions.IsOn((sbyte)device) ? new Scope(functions, (sbyte)device, on: false) : null;

    /// <summary>Throws where it can't be had.</summary>
    /// <exception cref="SwanDeviceException">This libtorch doesn't have it.</exception>
    public static void ThrowIfMissing()
    {
        if (IsThere) return;
        throw new SwanDeviceException(
            "The precision bfloat16 was requested, but the loaded libtorch doesn't export the functions that enable it. They exist "
            + "on Linux (macOS is untested) in libtorch 2.4 and later. Train with the precision float32 or bfloat16_text.");
    }

    private static Functions? Find() =>
        TorchExports.TryFind(Prefix + "20set_autocast_enabledEN3c1010DeviceTypeEb", out nint setEnabled)
        && TorchExports.TryFind(Prefix + "19is_autocast_enabledEN3c1010DeviceTypeE", out nint isEnabled)
        && TorchExports.TryFind(Prefix + "18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE", out nint setType)
        && TorchExports.TryFind(Prefix + "17increment_nestingEv", out nint enter)
        && TorchExports.TryFind(Prefix + "17decrement_nestingEv", out nint leave)
        && TorchExports.TryFind(Prefix + "11clear_cacheEv", out nint clear)
            ? new(setEnabled, isEnabled, setType, enter, leave, clear)
            : null;

    private sealed record Functions(nint SetEnabled, nint IsEnabled, nint SetType, nint Enter, nint Leave, nint Clear)
    {
        public bool IsOn(sbyte device) => ((delegate* unmanaged<sbyte, byte>)IsEnabled)(device) != 0;

        public void Switch(sbyte device, bool on)
        {
            if (on) ((delegate* unmanaged<sbyte, sbyte, void>)SetType)(device, Bfloat16);
            ((delegate* unmanaged<sbyte, byte, void>)SetEnabled)(device, on ? (byte)1 : (byte)0);
        }

        public void Begin() => ((delegate* unmanaged<int>)Enter)();

        // The converted weights are let go of when the outermost scope ends: the next step has other weights.
        public void End()
        {
            if (((delegate* unmanaged<int>)Leave)() == 0) ((delegate* unmanaged<void>)Clear)();
        }
    }

    private sealed class Scope : IDisposable
    {
        private readonly Functions _functions;
        private readonly sbyte _device;
        private readonly bool _before;
        private bool _ended;

        public Scope(Functions functions, sbyte device, bool on)
        {
            (_functions, _device, _before) = (functions, device, functions.IsOn(device));
            functions.Begin();
            functions.Switch(device, on);
        }

        public void Dispose()
        {
            if (_ended) return;
            _ended = true;
            _functions.Switch(_device, _before);
            _functions.End();
        }
    }
}
