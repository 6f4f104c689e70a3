using System.Reflection;
using System.Runtime.InteropServices;
using Swan.Training.Native;
using TorchSharp;

namespace Swan.Training;

/// <summary>What a run ran on, for whoever wants to repeat it.</summary>
internal static class RunVersions
{
    /// <summary>This library's.</summary>
    public static string Swan { get; } = VersionOf(typeof(RunVersions).Assembly);

    /// <summary>The key of the device.</summary>
    public const string Device = "device";

    /// <summary>The key of libtorch's version.</summary>
    public const string LibTorch = "libtorch";

    /// <summary>The key of how many threads compute.</summary>
    public const string Threads = "threads";

    /// <summary>The key of who augments the training images.</summary>
    public const string AugmentedBy = "augmentedBy";

    public static IReadOnlyDictionary<string, string> Collect(string deviceReport, string augmentedBy) => new Dictionary<string, string>
    {
        ["swan"] = Swan,
        ["torchSharp"] = VersionOf(typeof(torch).Assembly),
        // TorchSharp's is a constant, also where another version was loaded.
        [LibTorch] = TorchLibrary.LoadedVersion?.ToString() ?? torch.__version__,
        ["mlNet"] = VersionOf(typeof(Microsoft.ML.MLContext).Assembly),
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
        ["system"] = RuntimeInformation.OSDescription,
        ["processors"] = Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture),
        [Threads] = torch.get_num_threads().ToString(System.Globalization.CultureInfo.InvariantCulture),
        [Device] = deviceReport,
        [AugmentedBy] = augmentedBy,
    };

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? assembly.GetName().Version?.ToString()
        ?? "unknown";
}
