using System.Text.Json;
using System.Text.Json.Serialization;
using Swan.MLNet;

namespace Swan.Geo.Search;

/// <summary>The scenes of an index, and how they were cut: <c>scenes.json</c> in its folder.</summary>
/// <remarks>Written after the rows that it lists, so a listed scene is complete in the index.</remarks>
internal sealed record SceneList
{
    public const string FileName = "scenes.json";
    private const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions s_format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = SceneListJson.Default, // file-based and trimmed programs have no reflection for JSON
    };

    public int Version { get; init; } = CurrentVersion;

    /// <summary>The folder that was indexed.</summary>
    public required string Folder { get; init; }

    /// <summary>How scenes were cut and read; other windows are another index.</summary>
    public required WindowRule Windows { get; init; }

    /// <summary>By name, in ordinal order.</summary>
    public required IReadOnlyList<SceneRecord> Scenes { get; init; }

    /// <summary>By name, in ordinal order.</summary>
    public IReadOnlyList<BrokenScene> Broken { get; init; } = [];

    /// <exception cref="SwanFormatException">The file is damaged, or of a later version.</exception>
    public static SceneList Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            SceneList list = JsonSerializer.Deserialize<SceneList>(File.ReadAllBytes(path), s_format) ??
                throw new JsonException("it is null");
            return list.Version == CurrentVersion ? list : throw new SwanFormatException(
                $"'{path}' has version {list.Version}; this version of Swan.Geo reads {CurrentVersion}. Use a later version.");
        }
        catch (JsonException e)
        {
            throw new SwanFormatException($"'{path}' can't be read as the list of an index's scenes: {e.Message} Copy it from a backup, or "
                + "index the scenes again into another folder.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException(new SceneIndexFolder(folder).WhyMissing, path, e);
        }
    }

    /// <summary>Writes it. The caller holds the rows' lock, because a killed process's temporary file is overwritten.</summary>
    public void Write(string folder)
    {
        using AtomicFile file = AtomicFile.Create(Path.Combine(folder, FileName), Path.Combine(folder, $".{FileName}.tmp"));
        JsonSerializer.Serialize(file.Stream, this, s_format);
        file.Commit();
    }
}

[JsonSerializable(typeof(SceneList))]
internal sealed partial class SceneListJson : JsonSerializerContext;
