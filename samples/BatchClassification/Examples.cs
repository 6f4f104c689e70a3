using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace BatchClassification;

/// <summary>Images whose class is known: a folder with a folder for each class.</summary>
internal sealed class Examples
{
    private Examples(IReadOnlyList<Example> rows, string digest) => (Rows, Digest) = (rows, digest);

    public IReadOnlyList<Example> Rows { get; }

    /// <summary>Changes with any example's class, name or bytes.</summary>
    public string Digest { get; }

    public int Count => Rows.Count;

    public int Classes => Rows.Select(r => r.Class).Distinct(StringComparer.Ordinal).Count();

    /// <summary>Reads a folder; where it has too little, says what is expected.</summary>
    public static bool TryRead(string folder, [NotNullWhen(true)] out Examples? examples, [NotNullWhen(false)] out string? fault)
    {
        examples = null;
        fault = null;
        if (!Directory.Exists(folder))
        {
            fault = $"There is no folder '{folder}'. Give the folder with one folder of images for each class.";
            return false;
        }
        // In the order of their names, so that every machine trains the same classifier.
        Example[] rows =
        [
            .. Directory.GetDirectories(folder).SelectMany(
                inner => Directory.GetFiles(inner).Where(file => !Path.GetFileName(file).StartsWith('.'))
                    .Select(file => new Example { Path = file, Class = Path.GetFileName(inner) }))
                .OrderBy(r => r.Key, StringComparer.Ordinal),
        ];
        string[] single = [.. rows.GroupBy(r => r.Class).Where(c => c.Count() < 2).Select(c => c.Key)];
        int classes = rows.Select(r => r.Class).Distinct().Count();
        if (single.Length > 0)
            fault = $"'{folder}' has a single example of {string.Join(", ", single)}; expected at least two of each class.";
        else if (classes < 2)
            fault = $"'{folder}' has {classes} folders with images; expected at least two, one for each class, named after it.";
        if (fault is not null) return false;

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Example row in rows)
        {
            digest.AppendData(Encoding.UTF8.GetBytes($"{row.Key}\n"));
            digest.AppendData(SHA256.HashData(File.ReadAllBytes(row.Path)));
        }
        examples = new Examples(rows, Convert.ToHexStringLower(digest.GetHashAndReset())[..16]);
        return true;
    }
}

/// <summary>One image, in the form in which ML.NET reads rows.</summary>
internal sealed class Example
{
    public required string Path { get; init; }

    public required string Class { get; init; }

    /// <summary>Its name in results, whatever the machine.</summary>
    public string Key => $"{Class}/{System.IO.Path.GetFileName(Path)}";
}
