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

    /// <exception cref="InvalidDataException">There are fewer than two classes, or a class has fewer than two examples.</exception>
    public static Examples Read(string folder)
    {
        // In the order of their names, so that every machine trains the same classifier.
        Example[] rows =
        [
            .. Directory.GetDirectories(folder).SelectMany(
                inner => Directory.GetFiles(inner).Where(file => !Path.GetFileName(file).StartsWith('.'))
                    .Select(file => new Example { Path = file, Class = Path.GetFileName(inner) }))
                .OrderBy(r => r.Key, StringComparer.Ordinal),
        ];
        string[] single = [.. rows.GroupBy(r => r.Class).Where(c => c.Count() < 2).Select(c => c.Key)];
        if (single.Length > 0)
        {
            throw new InvalidDataException(
                $"'{folder}' has a single example of {string.Join(", ", single)}; expected at least two of each class.");
        }
        int classes = rows.Select(r => r.Class).Distinct().Count();
        if (classes < 2)
        {
            throw new InvalidDataException(
                $"'{folder}' has {classes} folders with images; expected at least two, one for each class, named after it.");
        }

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Example row in rows)
        {
            digest.AppendData(Encoding.UTF8.GetBytes($"{row.Key}\n"));
            digest.AppendData(SHA256.HashData(File.ReadAllBytes(row.Path)));
        }
        return new Examples(rows, Convert.ToHexStringLower(digest.GetHashAndReset())[..16]);
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
