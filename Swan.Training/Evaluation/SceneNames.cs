namespace Swan.Training.Evaluation;

/// <summary>
/// Scenes in the words of the captions: RSICD calls a scene <c>storagetanks</c>, and its captions say <c>storage tanks</c>.
/// </summary>
internal static class SceneNames
{
    /// <summary>
    /// Names in two words where the captions write them in two more often than in one; else as they are in lower case, with blanks for
    /// <c>-</c> and <c>_</c>.
    /// </summary>
    /// <param name="scenes">Different names.</param>
    /// <param name="captions">The captions that decide.</param>
    /// <returns>In the order of <paramref name="scenes"/>; no two are the same.</returns>
    public static string[] InWords(IReadOnlyList<string> scenes, IEnumerable<string> captions)
    {
        // Only what could be a scene's name is counted: the pairs whose words together are one.
        HashSet<string> known = [.. scenes.Select(s => s.ToLowerInvariant())];
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string caption in captions)
        {
            string before = "";
            foreach (string word in Words(caption))
            {
                if (known.Contains(word)) counts[word] = counts.GetValueOrDefault(word) + 1;
                if (before.Length > 0 && known.Contains(before + word))
                {
                    string pair = $"{before} {word}";
                    counts[pair] = counts.GetValueOrDefault(pair) + 1;
                }

                before = word;
            }
        }

        string[] names = [.. scenes.Select(s => Name(s, counts))];
        return names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Length ? names : [.. scenes];
    }

    private static string Name(string scene, Dictionary<string, int> counts)
    {
        string whole = scene.ToLowerInvariant();
        string best = whole;
        for (int split = 1; split < whole.Length; split++)
        {
            string pair = $"{whole[..split]} {whole[split..]}";
            if (counts.GetValueOrDefault(pair) > counts.GetValueOrDefault(best)) best = pair;
        }

        return best.Replace('-', ' ').Replace('_', ' ');
    }

    private static IEnumerable<string> Words(string caption)
    {
        int start = -1;
        for (int i = 0; i <= caption.Length; i++)
        {
            bool letter = i < caption.Length && char.IsLetter(caption[i]);
            if (letter && start < 0) start = i;
            if (letter || start < 0) continue;
            yield return caption[start..i].ToLowerInvariant();
            start = -1;
        }
    }
}
