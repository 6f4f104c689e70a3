using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swan.MLNet.Search;

/// <summary>The right to write an index: a file that its writer holds open, and another file that names the writer.</summary>
/// <remarks>The system closes the file of a process that ends, however it ends: no lock is left behind.</remarks>
internal sealed class WriterLock : IDisposable
{
    private const int MaxBytes = 64 << 10;

    private readonly FileStream _held;

    private WriterLock(FileStream held) => _held = held;

    /// <summary>The name of this process.</summary>
    public static string ThisProgram => Path.GetFileName(Environment.ProcessPath) is { Length: > 0 } name
        ? Environment.GetCommandLineArgs() is [{ Length: > 0 } first, ..] ? $"{name} {Path.GetFileName(first)}" : name
        : "unknown";

    /// <summary>Takes the right.</summary>
    /// <param name="folder">The index.</param>
    /// <param name="program">The writer's name, for refused writers.</param>
    /// <exception cref="SwanIndexLockedException">Another writer has it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written to.</exception>
    public static WriterLock Take(IndexFolder folder, string program)
    {
        FileStream held;
        try
        {
            held = new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (HeldFile.Is(e))
        {
            throw Refusal(folder, e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException || e is IOException && Directory.Exists(folder.Path))
        {
            throw new UnauthorizedAccessException(
                $"The index '{folder.Path}' can't be written to, because its 'writer.lock' can't be opened: {e.Message} "
                + "Reading needs no write access.",
                e);
        }
        try
        {
            var holder = new Holder(Environment.ProcessId, Environment.MachineName, program, DateTime.UtcNow);
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(holder, WriterLockJson.Default.Holder);
            using AtomicFile file = AtomicFile.Create(folder.Holder, Path.Combine(folder.Path, ".writing-writer.json"));
            file.Stream.Write(json);
            file.Commit();
            return new WriterLock(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose() => _held.Dispose();

    private static SwanIndexLockedException Refusal(IndexFolder folder, IOException cause)
    {
        Holder? holder = ReadHolder(folder);
        string who = holder is null
            ? "another writer (which has not yet identified itself)"
            : $"process {holder.ProcessId} ({holder.Program}) on {holder.Host}, since {holder.Since:yyyy-MM-dd HH:mm:ss} UTC";
        return new SwanIndexLockedException(
            $"The index '{folder.Path}' is being written by {who}. An index has one writer at a time: wait until it is done, "
            + "or end it. Reading remains possible.",
            holder?.ProcessId, holder?.Host, cause);
    }

    private static Holder? ReadHolder(IndexFolder folder)
    {
        try
        {
            var file = new FileInfo(folder.Holder);
            return file.Exists && file.Length <= MaxBytes
                ? JsonSerializer.Deserialize(File.ReadAllBytes(folder.Holder), WriterLockJson.Default.Holder)
                : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal sealed record Holder(int ProcessId, string Host, string Program, DateTime Since);
}

/// <summary><c>writer.json</c>, without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WriterLock.Holder))]
internal sealed partial class WriterLockJson : JsonSerializerContext;
