using System.Globalization;

namespace AutoMLPipeline;

/// <summary>What file names tell: the scene in words, and which images are neighbors.</summary>
internal static class SceneWords
{
    /// <summary>RSICD writes its scenes in one word each; captions don't.</summary>
    private static readonly Dictionary<string, string> Compounds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bareland"] = "bare land",
        ["baseballfield"] = "baseball field",
        ["denseresidential"] = "dense residential",
        ["mediumresidential"] = "medium residential",
        ["sparseresidential"] = "sparse residential",
        ["railwaystation"] = "railway station",
        ["storagetanks"] = "storage tanks",
    };

    public static string Describe(string scene) =>
        Compounds.GetValueOrDefault(scene) ?? scene.Replace('-', ' ').Replace('_', ' ').ToLowerInvariant();

    /// <summary>
    /// Ten consecutive images: tiles with close numbers were often cut from one picture, and would make a random split look too good.
    /// </summary>
    public static string Neighbors(string fileName)
    {
        string name = Path.GetFileNameWithoutExtension(fileName);
        int digits = name.Length - name.TrimEnd("0123456789".ToCharArray()).Length;
        return int.TryParse(name[^digits..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? string.Create(CultureInfo.InvariantCulture, $"{name[..^digits]}{number / 10}")
            : name;
    }
}
