namespace Swan.MLNet;

/// <summary>The kinds of <see cref="SwanDevice"/>.</summary>
public enum SwanDeviceKind
{
    /// <summary>A GPU if one works, else the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}
