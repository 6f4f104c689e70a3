using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

// Writes a copy of an assembly in which internal types, methods and fields are flagged public, and the private fields of two types. Only
// flag bits in the metadata tables change, in place, so the copy is for the compiler alone; at run time the original is loaded
// (docs/decisions/0001).
if (args is not [string source, string destination])
{
    Console.Error.WriteLine("usage: publicizer SOURCE.dll DESTINATION.dll");
    return 2;
}

byte[] image = File.ReadAllBytes(source);
using (var pe = new PEReader(new MemoryStream(image.ToArray())))
{
    MetadataReader metadata = pe.GetMetadataReader();
    int tables = pe.PEHeaders.MetadataStartOffset;
    int RowOffset(TableIndex table, EntityHandle row) =>
        tables + metadata.GetTableMetadataOffset(table) + (MetadataTokens.GetRowNumber(row) - 1) * metadata.GetTableRowSize(table);

    foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        bool nested = !type.GetDeclaringType().IsNil;
        Patch(RowOffset(TableIndex.TypeDef, handle), (ushort)TypeAttributes.VisibilityMask,
            (ushort)(nested ? TypeAttributes.NestedPublic : TypeAttributes.Public));

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            MethodAttributes attributes = metadata.GetMethodDefinition(method).Attributes;
            MethodAttributes access = attributes & MethodAttributes.MemberAccessMask;
            if (access is not (MethodAttributes.Assembly or MethodAttributes.FamANDAssem)) continue;
            // An override outside the assembly must keep the accessibility of what it overrides.
            bool overridable = (attributes & MethodAttributes.Virtual) != 0 && access == MethodAttributes.FamANDAssem;
            // A MethodDef row is: RVA (4 bytes), ImplFlags (2), Flags (2), …
            Patch(RowOffset(TableIndex.MethodDef, method) + 6, (ushort)MethodAttributes.MemberAccessMask,
                (ushort)(overridable ? MethodAttributes.Family : MethodAttributes.Public));
        }

        // The archive of the one tells how far a saved pipeline inflates, before it does. The other takes axes computed elsewhere.
        bool whole = metadata.GetString(type.Name) is "RepositoryReader" or "PrincipalComponentAnalysisTransformer";
        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            FieldAttributes access = metadata.GetFieldDefinition(field).Attributes & FieldAttributes.FieldAccessMask;
            if (access is not (FieldAttributes.Assembly or FieldAttributes.FamANDAssem) && !(whole && access == FieldAttributes.Private))
                continue;
            Patch(RowOffset(TableIndex.Field, field), (ushort)FieldAttributes.FieldAccessMask, (ushort)FieldAttributes.Public);
        }
    }
}

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(destination))!);
File.WriteAllBytes(destination, image);
return 0;

void Patch(int offset, ushort mask, ushort value)
{
    ushort flags = (ushort)((BitConverter.ToUInt16(image, offset) & ~mask) | value);
    BitConverter.TryWriteBytes(image.AsSpan(offset), flags);
}
