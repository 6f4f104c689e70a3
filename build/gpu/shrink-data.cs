#:project ../../Swan.MLNet/Swan.MLNet.csproj
#:property PublishAot=false

// Makes what a training needs small enough to travel (see Usage).

using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkiaSharp;

const string Usage = """
    dotnet run -c Release build/gpu/shrink-data.cs -- data FOLDER OUT SIDE
    dotnet run -c Release build/gpu/shrink-data.cs -- weights FILE OUT

      data      FOLDER has train.jsonl, val.jsonl and images/; OUT gets the same with WebP images of SIDE x SIDE pixels
      weights   FILE is a safetensors file; OUT is the same in float16
    """;
const int Quality = 80;

if (args is ["data", var folder, var folderOut, var sideText]
    && int.TryParse(sideText, CultureInfo.InvariantCulture, out int side) && side > 0)
{
    Directory.CreateDirectory(Path.Combine(folderOut, "images"));
    var names = new Dictionary<string, string>();
    foreach (string list in (string[])["train.jsonl", "val.jsonl"]) ShrinkList(folder, folderOut, list, names);
    Parallel.ForEach(
        names, name => ShrinkImage(Path.Combine(folder, "images", name.Value), Path.Combine(folderOut, "images", name.Key), side));
    Console.WriteLine($"{names.Count} images of {side}×{side} pixels, "
        + $"{Directory.EnumerateFiles(Path.Combine(folderOut, "images")).Sum(f => new FileInfo(f).Length) / 1e6:F1} MB");
    return 0;
}

if (args is ["weights", var file, var fileOut])
{
    File.WriteAllBytes(fileOut, Halved(File.ReadAllBytes(file)));
    Console.WriteLine($"{fileOut}: {new FileInfo(fileOut).Length / 1e6:F1} MB");
    return 0;
}

Console.Error.WriteLine(Usage);
return 2;

static void ShrinkList(string folder, string folderOut, string list, Dictionary<string, string> names)
{
    string[] lines = File.ReadAllLines(Path.Combine(folder, list));
    for (int i = 0; i < lines.Length; i++)
    {
        JsonObject line = JsonNode.Parse(lines[i])!.AsObject();
        string name = line["image"]!.GetValue<string>(), shrunk = Path.GetFileNameWithoutExtension(name) + ".webp";
        if (!names.TryAdd(shrunk, name) && names[shrunk] != name)
            throw new InvalidDataException($"{list}, line {i + 1}: '{name}' and another image would both be '{shrunk}'. Rename one.");
        line["image"] = shrunk;
        lines[i] = line.ToJsonString();
    }

    File.WriteAllLines(Path.Combine(folderOut, list), lines);
}

static void ShrinkImage(string file, string fileOut, int side)
{
    using SKBitmap image = SKBitmap.Decode(file) ?? throw new InvalidDataException($"'{file}' can't be decoded.");
    using SKBitmap small = image.Resize(new SKImageInfo(side, side), SKFilterQuality.High);
    using FileStream stream = File.Create(fileOut);
    small.Encode(stream, SKEncodedImageFormat.Webp, Quality);
}

// safetensors: the header's length, the header, the numbers. Training reads float16 and computes in float32.
static byte[] Halved(byte[] image)
{
    int headerLength = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image)), start = 8 + headerLength;
    JsonObject header = JsonNode.Parse(image.AsSpan(8, headerLength))!.AsObject();
    using var data = new MemoryStream();
    foreach (JsonObject tensor in header.Where(e => e.Key != "__metadata__").Select(e => e.Value!.AsObject())
        .OrderBy(t => t["data_offsets"]![0]!.GetValue<long>()).ToArray())
    {
        (int from, int to) = (tensor["data_offsets"]![0]!.GetValue<int>(), tensor["data_offsets"]![1]!.GetValue<int>());
        ReadOnlySpan<byte> numbers = image.AsSpan(start + from, to - from);
        long begin = data.Length;
        if (tensor["dtype"]!.GetValue<string>() == "F32")
        {
            tensor["dtype"] = "F16";
            Half[] halves = [.. MemoryMarshal.Cast<byte, float>(numbers).ToArray().Select(f => (Half)f)];
            data.Write(MemoryMarshal.AsBytes(halves.AsSpan()));
        }
        else
        {
            data.Write(numbers);
        }

        tensor["data_offsets"] = new JsonArray(begin, data.Length);
    }

    byte[] newHeader = JsonSerializer.SerializeToUtf8Bytes(header), whole = new byte[8 + newHeader.Length + data.Length];
    BinaryPrimitives.WriteUInt64LittleEndian(whole, (ulong)newHeader.Length);
    newHeader.CopyTo(whole, 8);
    data.ToArray().CopyTo(whole, 8 + newHeader.Length);
    return whole;
}
