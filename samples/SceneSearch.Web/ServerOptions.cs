namespace SceneSearch.Web;

/// <summary>What the command line asks for.</summary>
internal sealed record ServerOptions
{
    public const string DefaultUrl = "http://localhost:5080";

    /// <summary>An index of scenes or images; null only with <see cref="Demo"/>.</summary>
    public string? Index { get; init; }

    /// <summary>Where the images of an index of images are.</summary>
    public string? Images { get; init; }

    /// <summary>A model file; null: the one inside Swan.MLNet.</summary>
    public string? Model { get; init; }

    /// <summary>Where reduced pictures of scenes are kept.</summary>
    public string Cache { get; init; } = DefaultCache;

    /// <summary>Addresses, as ASP.NET Core has them; null: this machine's own.</summary>
    public string? Urls { get; init; }

    /// <summary>Whether scenes are drawn and indexed first, into <see cref="Index"/> or a folder that is removed afterwards.</summary>
    public bool Demo { get; init; }

    private static string DefaultCache => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } own ? own : Path.GetTempPath(),
        "swan-scene-search");
}
