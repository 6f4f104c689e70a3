namespace Swan.Training.Evaluation;

/// <summary>A scene however a data set spells it: <c>Storage Tanks</c>, <c>storage_tanks</c> and <c>storagetanks</c> are one.</summary>
internal static class SceneKey
{
    /// <summary>The letters and digits of a name, in lower case; the name itself where it has none.</summary>
    public static string Of(string scene)
    {
        string key = string.Concat(scene.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        return key.Length > 0 ? key : scene;
    }

    /// <summary>The same; null where an image has no scene.</summary>
    public static string? OfAny(string? scene) => string.IsNullOrEmpty(scene) ? null : Of(scene);
}
