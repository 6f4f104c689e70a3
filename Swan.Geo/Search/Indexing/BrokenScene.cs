using System.Reflection;
using System.Text.Json.Serialization;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Search;

/// <summary>A scene that was found broken while its pixels were read: each run names it, and none reads it until it changes.</summary>
internal sealed record BrokenScene
{
    /// <summary>Its path in the folder that was indexed, with '/'.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long Length { get; init; }

    /// <summary>When the file was last written, in ticks of UTC.</summary>
    public required long Modified { get; init; }

    /// <summary>XXH128 of its bytes, in hex.</summary>
    public required string Hash { get; init; }

    [JsonConverter(typeof(JsonStringEnumConverter<ImageFault>))]
    public required ImageFault Fault { get; init; }

    /// <summary>What was found and what was expected.</summary>
    public required string Detail { get; init; }

    /// <summary>The version that could not read it; others try.</summary>
    public string Version { get; init; } = CurrentVersion;

    [JsonIgnore]
    public bool IsOfThisVersion => Version == CurrentVersion;

    private static string CurrentVersion { get; } = typeof(BrokenScene).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>What is wrong with it.</summary>
    /// <param name="path">Where it is now.</param>
    public SwanSceneFault At(string path) => new(path, new SwanImageException(path, Fault, Detail).Message
        + " It is read again when it has changed, or with --retry-bad (SwanSceneIndexerOptions.RetryBad).");
}
