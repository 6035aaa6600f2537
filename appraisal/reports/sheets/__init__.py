"""The worksheets of the workbook, one module each, over `sheet.Sheet`."""
